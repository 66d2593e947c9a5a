import type { Attributes } from '../attributes.ts'
import { connectedTo, type Found, found, ref, roleOf, tagged, type Types } from '../found.ts'

/** Types of the provider hashicorp/aws. */
export const awsTypes: Types = {
  aws_instance: (a) => [
    found(
      'servers',
      a.text('id'),
      {
        ...tagged(a),
        ...placed(a),
        role: roleOf(a),
        vendor: 'AWS',
        instanceId: a.text('id'),
        instanceType: a.text('instance_type'),
        imageId: a.text('ami'),
        keyName: a.text('key_name'),
        cpu: coresOf(a),
        ipv4Private: a.text('private_ip'),
        ipv4Public: a.text('public_ip'),
        ipAddresses: [a.text('private_ip'), a.text('public_ip'), ...a.list('ipv6_addresses')]
          .filter((address) => address !== undefined)
          .sort(),
        dnsPrivate: a.text('private_dns'),
        dnsPublic: a.text('public_dns'),
        subnetId: a.text('subnet_id'),
        securityGroups: a.list('vpc_security_group_ids'),
        providerStatus: a.text('instance_state'),
        status: a.text('instance_state') === 'stopped' ? 'STOPPED' : 'ACTIVE',
      },
      connectedTo([a.text('subnet_id'), ...a.list('vpc_security_group_ids')]),
    ),
    ...a.blocks('root_block_device').flatMap((disk) => diskOf(a, disk)),
    ...a.blocks('ebs_block_device').flatMap((disk) => diskOf(a, disk)),
  ],
  aws_ebs_volume: (a) => [
    found('volumes', a.text('id'), {
      ...tagged(a),
      ...placed(a),
      ...disk(a, 'size', 'type'),
      sourceSnapshotId: a.text('snapshot_id'),
    }),
  ],
  aws_ebs_snapshot: (a) => [
    found('snapshots', a.text('id'), {
      ...tagged(a),
      ...placed(a),
      description: a.text('description'),
      volume: ref('volumes', a.text('volume_id')),
      sizeGiB: a.positive('volume_size'),
      encrypted: a.flag('encrypted'),
      ownerAccount: a.text('owner_id'),
    }),
  ],
  aws_ami: (a) => [
    found('images', a.text('id'), {
      ...tagged(a),
      description: a.text('description'),
      architecture: a.text('architecture'),
      virtualization: a.text('virtualization_type'),
      platform: a.text('platform_details'),
      rootDeviceType: a.text('root_device_type'),
    }),
  ],
  aws_vpc: (a) => [
    found('networks', a.text('id'), {
      ...tagged(a),
      family: 'NETWORK',
      cidrs: [a.text('cidr_block'), a.text('ipv6_cidr_block')].filter((range) => range !== undefined),
      ownerAccount: a.text('owner_id'),
    }),
  ],
  aws_subnet: (a) => [
    found('networks', a.text('id'), {
      ...tagged(a),
      ...placed(a),
      family: 'SUBNET',
      parent: ref('networks', a.text('vpc_id')),
      cidrs: [a.text('cidr_block'), a.text('ipv6_cidr_block')].filter((range) => range !== undefined),
    }),
  ],
  aws_security_group: (a) => [
    found('networks', a.text('id'), {
      ...tagged(a),
      family: 'SECURITY_GROUP',
      description: a.text('description'),
      parent: ref('networks', a.text('vpc_id')),
      rules: [...rulesOf(a, 'ingress', 'in'), ...rulesOf(a, 'egress', 'out')],
    }),
  ],
  aws_db_instance: (a) => [
    found(
      'apps',
      a.text('identifier') ?? a.text('id'),
      {
        ...tagged(a),
        ...placed(a),
        name: a.text('identifier'),
        family: 'DATABASE',
        product: 'Amazon RDS',
        managed: true,
        engine: a.text('engine'),
        engineVersion: a.text('engine_version_actual') ?? a.text('engine_version'),
        instanceType: a.text('instance_class'),
        endpoint: a.text('address'),
        port: a.positive('port'),
        providerStatus: a.text('status'),
      },
      connectedTo(a.list('vpc_security_group_ids')),
    ),
  ],
  aws_lb: balancer,
  aws_alb: balancer,
  aws_elb: (a) => [
    found(
      'apps',
      a.text('arn') ?? a.text('id'),
      {
        ...tagged(a),
        name: a.text('name'),
        family: 'LOAD_BALANCER',
        product: 'Elastic Load Balancing',
        managed: true,
        endpoint: a.text('dns_name'),
        healthCheck: a.block('health_check').text('target'),
      },
      [
        ...connectedTo(a.list('subnets')),
        ...a
          .list('instances')
          .map((id) => ({ kind: 'TARGETS', to: { resource: 'servers', externalId: id } })),
      ],
    ),
  ],
  aws_elasticache_cluster: (a) => [
    found('apps', a.text('id'), {
      ...tagged(a),
      ...placed(a),
      name: a.text('cluster_id'),
      family: 'CACHE',
      product: 'Amazon ElastiCache',
      managed: true,
      engine: a.text('engine'),
      engineVersion: a.text('engine_version'),
      instanceType: a.text('node_type'),
      port: a.positive('port'),
    }),
  ],
  aws_lambda_function: (a) => [
    found('apps', a.text('arn') ?? a.text('id'), {
      ...tagged(a),
      name: a.text('function_name'),
      description: a.text('description'),
      family: 'SERVERLESS',
      product: 'AWS Lambda',
      managed: true,
      runtime: a.text('runtime'),
      handler: a.text('handler'),
      memoryMiB: a.positive('memory_size'),
      timeoutSeconds: a.positive('timeout'),
    }),
  ],
  aws_s3_bucket: (a) => [
    found('apps', a.text('id'), {
      ...tagged(a),
      name: a.text('bucket'),
      region: a.text('region'),
      family: 'OBJECT_STORAGE',
      product: 'Amazon S3',
      managed: true,
      endpoint: a.text('bucket_regional_domain_name'),
    }),
  ],
  aws_sqs_queue: (a) => [
    found('apps', a.text('arn') ?? a.text('id'), {
      ...tagged(a),
      name: a.text('name'),
      family: 'BROKER',
      product: 'Amazon SQS',
      managed: true,
      endpoint: a.text('url') ?? a.text('id'),
    }),
  ],
  aws_dynamodb_table: (a) => [
    found('apps', a.text('arn') ?? a.text('id'), {
      ...tagged(a),
      name: a.text('name'),
      family: 'DATABASE',
      product: 'Amazon DynamoDB',
      managed: true,
    }),
  ],
}

function balancer(a: Attributes): Found[] {
  return [
    found(
      'apps',
      a.text('arn') ?? a.text('id'),
      {
        ...tagged(a),
        name: a.text('name'),
        family: 'LOAD_BALANCER',
        product: 'Elastic Load Balancing',
        managed: true,
        endpoint: a.text('dns_name'),
        scheme: a.flag('internal') ? 'internal' : 'internet-facing',
      },
      connectedTo([...a.list('subnets'), ...a.list('security_groups')]),
    ),
  ]
}

const placed = (a: Attributes) => ({
  zone: a.text('availability_zone'),
  region: a.text('region') ?? a.text('availability_zone')?.replace(/[a-z]$/, ''),
})

function coresOf(a: Attributes): number | undefined {
  const cores = a.positive('cpu_core_count') ?? a.block('cpu_options').positive('core_count')
  return cores && cores * (a.positive('cpu_threads_per_core') ?? 1)
}

const disk = (a: Attributes, size: string, type: string) => ({
  sizeGiB: a.positive(size),
  volumeType: a.text(type),
  iops: a.positive('iops'),
  throughputMiBps: a.positive('throughput'),
  encrypted: a.flag('encrypted'),
  encryptionKey: a.text('kms_key_id'),
})

/** A disk that is declared within its instance; one without a volume is not there yet. */
function diskOf(instance: Attributes, block: Attributes): Found[] {
  const id = block.text('volume_id')
  if (!id) return []
  return [
    found('volumes', id, {
      ...tagged(block),
      ...placed(instance),
      ...disk(block, 'volume_size', 'volume_type'),
      device: block.text('device_name'),
      deleteOnTermination: block.flag('delete_on_termination'),
      server: ref('servers', instance.text('id')),
    }),
  ]
}

const rulesOf = (a: Attributes, block: string, direction: string) =>
  a.blocks(block).map((rule) => ({
    direction,
    action: 'allow',
    protocol: rule.text('protocol') === '-1' ? 'all' : rule.text('protocol'),
    fromPort: rule.number('from_port'),
    toPort: rule.number('to_port'),
    peer: [
      ...rule.list('cidr_blocks'),
      ...rule.list('ipv6_cidr_blocks'),
      ...rule.list('security_groups'),
    ].join(', '),
    description: rule.text('description'),
  }))
