import { instanceTypes, zoneId } from './catalogue.ts'
import { stateCodes, type Instance } from './instance.ts'

const types = new Map(instanceTypes.map((type) => [type.name, type]))
const platformNames = {
  linux: ['Linux/UNIX', 'RunInstances'],
  rhel: ['Red Hat Enterprise Linux', 'RunInstances:0010'],
  suse: ['SUSE Linux', 'RunInstances:000g'],
  windows: ['Windows', 'RunInstances:0002'],
} as const

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

/** Neighbours of one reservation share one element, as they do at EC2. */
export function renderReservations(instances: Iterable<Instance>): string {
  let xml = ''
  let open = ''
  for (const instance of instances) {
    if (instance.reservationId !== open) {
      if (open) xml += '</instancesSet></item>'
      open = instance.reservationId
      xml += `<item><reservationId>${open}</reservationId><ownerId>${instance.ownerId}</ownerId><groupSet/><instancesSet>`
    }
    xml += renderInstance(instance)
  }
  return open ? `${xml}</instancesSet></item>` : xml
}

export function renderInstance(it: Instance): string {
  const type = types.get(it.type) ?? instanceTypes[0]!
  const [platformDetails, usageOperation] = platformNames[it.platform]
  const groups = it.groups.map(
    (group) => `<item><groupId>${group.id}</groupId><groupName>${group.name}</groupName></item>`,
  )
  const groupSet = list('groupSet', groups)
  const gone = it.state === 'terminated'
  return (
    '<item>' +
    (it.broken === 'withoutInstanceId' ? '' : `<instanceId>${it.instanceId}</instanceId>`) +
    `<imageId>${it.imageId}</imageId>` +
    `<instanceState><code>${stateCodes[it.state]}</code><name>${it.state}</name></instanceState>` +
    (it.vpcId || gone ? `<privateDnsName>${privateDns(it)}</privateDnsName>` : '<privateDnsName/>') +
    (it.publicIp ? `<dnsName>${publicDns(it.publicIp, it.region)}</dnsName>` : '<dnsName/>') +
    (it.reason ? `<reason>${it.reason}</reason>` : '<reason/>') +
    optional('keyName', it.keyName) +
    '<amiLaunchIndex>0</amiLaunchIndex><productCodes/>' +
    `<instanceType>${it.type}</instanceType>` +
    `<launchTime>${it.broken === 'malformedLaunchTime' ? 'the day before yesterday' : it.launchTime}</launchTime>` +
    `<placement><availabilityZone>${it.zone}</availabilityZone>` +
    `<availabilityZoneId>${zoneId(it.region, it.zone.slice(-1))}</availabilityZoneId>` +
    `<groupName/><tenancy>${it.tenancy}</tenancy></placement>` +
    (it.platform === 'windows' ? '<platform>windows</platform>' : '') +
    `<monitoring><state>${it.monitored ? 'enabled' : 'disabled'}</state></monitoring>` +
    optional('subnetId', it.subnetId) +
    optional('vpcId', it.vpcId) +
    optional('privateIpAddress', it.privateIp) +
    optional('ipAddress', it.publicIp) +
    optional('ipv6Address', it.ipv6) +
    (gone ? '' : '<sourceDestCheck>true</sourceDestCheck>') +
    groupSet +
    stateReason(it) +
    `<architecture>${type.architecture}</architecture>` +
    '<rootDeviceType>ebs</rootDeviceType><rootDeviceName>/dev/xvda</rootDeviceName>' +
    list('blockDeviceMapping', it.volumes.map(renderVolume)) +
    '<virtualizationType>hvm</virtualizationType>' +
    `<clientToken>${it.clientToken}</clientToken>` +
    list('tagSet', it.tags.map(renderTag)) +
    '<hypervisor>xen</hypervisor>' +
    list(
      'networkInterfaceSet',
      it.interfaces.map((face, index) => renderInterface(it, face, index, groupSet)),
    ) +
    (it.spotRequestId
      ? `<instanceLifecycle>spot</instanceLifecycle><spotInstanceRequestId>${it.spotRequestId}</spotInstanceRequestId>`
      : '') +
    (it.profile
      ? `<iamInstanceProfile><arn>arn:aws:iam::${it.ownerId}:instance-profile/${it.profile.name}</arn><id>${it.profile.id}</id></iamInstanceProfile>`
      : '') +
    `<ebsOptimized>${type.hypervisor === 'nitro'}</ebsOptimized><enaSupport>true</enaSupport>` +
    `<cpuOptions><coreCount>${type.cores}</coreCount><threadsPerCore>${type.threadsPerCore}</threadsPerCore></cpuOptions>` +
    '<capacityReservationSpecification><capacityReservationPreference>open</capacityReservationPreference></capacityReservationSpecification>' +
    '<hibernationOptions><configured>false</configured></hibernationOptions>' +
    '<enclaveOptions><enabled>false</enabled></enclaveOptions>' +
    '<metadataOptions><state>applied</state><httpTokens>required</httpTokens><httpPutResponseHopLimit>2</httpPutResponseHopLimit>' +
    '<httpEndpoint>enabled</httpEndpoint><httpProtocolIpv6>disabled</httpProtocolIpv6><instanceMetadataTags>disabled</instanceMetadataTags></metadataOptions>' +
    '<bootMode>uefi-preferred</bootMode>' +
    `<currentInstanceBootMode>${type.architecture === 'arm64' ? 'uefi' : 'legacy-bios'}</currentInstanceBootMode>` +
    `<platformDetails>${platformDetails}</platformDetails><usageOperation>${usageOperation}</usageOperation>` +
    `<usageOperationUpdateTime>${it.launchTime}</usageOperationUpdateTime>` +
    '<privateDnsNameOptions><hostnameType>ip-name</hostnameType><enableResourceNameDnsARecord>false</enableResourceNameDnsARecord>' +
    '<enableResourceNameDnsAAAARecord>false</enableResourceNameDnsAAAARecord></privateDnsNameOptions>' +
    '<maintenanceOptions><autoRecovery>default</autoRecovery><rebootMigration>default</rebootMigration></maintenanceOptions>' +
    '<networkPerformanceOptions><bandwidthWeighting>default</bandwidthWeighting></networkPerformanceOptions>' +
    '<operator><managed>false</managed></operator>' +
    '</item>'
  )
}

function renderVolume(volume: Instance['volumes'][number]): string {
  return (
    `<item><deviceName>${volume.device}</deviceName><ebs><volumeId>${volume.id}</volumeId><status>attached</status>` +
    `<attachTime>${volume.attachTime}</attachTime><deleteOnTermination>${volume.deleteOnTermination}</deleteOnTermination>` +
    '<operator><managed>false</managed></operator></ebs></item>'
  )
}

function renderTag([key, value]: [string, string]): string {
  return `<item><key>${escapeXml(key)}</key><value>${escapeXml(value)}</value></item>`
}

function renderInterface(
  it: Instance,
  face: Instance['interfaces'][number],
  index: number,
  groupSet: string,
): string {
  const association = it.publicIp
    ? `<association><publicIp>${it.publicIp}</publicIp><publicDnsName>${publicDns(it.publicIp, it.region)}</publicDnsName><ipOwnerId>amazon</ipOwnerId></association>`
    : ''
  const dns = privateDns(it)
  return (
    `<item><networkInterfaceId>${face.id}</networkInterfaceId><subnetId>${it.subnetId}</subnetId><vpcId>${it.vpcId}</vpcId>` +
    (face.description ? `<description>${face.description}</description>` : '<description/>') +
    `<ownerId>${it.ownerId}</ownerId><status>in-use</status><macAddress>${face.mac}</macAddress>` +
    `<privateIpAddress>${face.privateIp}</privateIpAddress><privateDnsName>${dns}</privateDnsName>` +
    `<sourceDestCheck>true</sourceDestCheck>${groupSet}` +
    `<attachment><attachmentId>${face.attachmentId}</attachmentId><deviceIndex>${index}</deviceIndex><status>attached</status>` +
    `<attachTime>${it.launchTime}</attachTime><deleteOnTermination>true</deleteOnTermination><networkCardIndex>0</networkCardIndex></attachment>` +
    association +
    `<privateIpAddressesSet><item><privateIpAddress>${face.privateIp}</privateIpAddress><privateDnsName>${dns}</privateDnsName>` +
    `<primary>true</primary>${association}</item></privateIpAddressesSet>` +
    (it.ipv6
      ? `<ipv6AddressesSet><item><ipv6Address>${it.ipv6}</ipv6Address><isPrimaryIpv6>false</isPrimaryIpv6></item></ipv6AddressesSet>`
      : '<ipv6AddressesSet/>') +
    '<interfaceType>interface</interfaceType><operator><managed>false</managed></operator></item>'
  )
}

function stateReason(it: Instance): string {
  if (it.state === 'running' || it.state === 'pending') return ''
  const code = 'Client.UserInitiatedShutdown'
  return `<stateReason><code>${code}</code><message>${code}: User initiated shutdown</message></stateReason>`
}

function list(name: string, items: string[]): string {
  return items.length ? `<${name}>${items.join('')}</${name}>` : `<${name}/>`
}

function optional(name: string, value: string | null): string {
  return value ? `<${name}>${value}</${name}>` : ''
}

function privateDns(it: Instance): string {
  if (!it.privateIp) return ''
  const domain = it.region === 'us-east-1' ? 'ec2.internal' : `${it.region}.compute.internal`
  return `ip-${it.privateIp.replaceAll('.', '-')}.${domain}`
}

function publicDns(ip: string, region: string): string {
  const domain = region === 'us-east-1' ? 'compute-1' : `${region}.compute`
  return `ec2-${ip.replaceAll('.', '-')}.${domain}.amazonaws.com`
}
