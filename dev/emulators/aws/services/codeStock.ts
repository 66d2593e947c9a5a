import type { Made, Survey } from '../ec2/survey.ts'
import { hex, randomFrom } from '../random.ts'
import type { Thing } from '../shelves.ts'
import { homeOf } from './dataStock.ts'

const layerOf = ({ region, account }: Survey) => `arn:aws:lambda:${region}:${account}:layer:common`

/** Functions in a network and outside of one, one of them with a layer of the account and one of somebody else. */
export const functions = (there: Survey): Made => {
  if (!there.instances.length) return []
  const { region, account } = there
  const { vpcId, subnets, groups } = homeOf(there)
  const one = (name: string, more: Thing): Made[number] => {
    const arn = `arn:aws:lambda:${region}:${account}:function:${name}`
    return [
      arn,
      {
        FunctionName: name,
        FunctionArn: arn,
        Role: `arn:aws:iam::${account}:role/${name}`,
        CodeSize: 123456,
        Description: '',
        Timeout: 30,
        MemorySize: 512,
        LastModified: '2026-01-02T03:04:05.678+0000',
        CodeSha256: hex(randomFrom(arn), 44),
        Version: '$LATEST',
        TracingConfig: { Mode: 'PassThrough' },
        RevisionId: hex(randomFrom(arn, 'revision'), 32),
        PackageType: 'Zip',
        Architectures: ['arm64'],
        EphemeralStorage: { Size: 512 },
        ...more,
      },
    ]
  }
  return [
    one('checkout', {
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Description: 'Takes the money',
      Layers: [
        { Arn: `arn:aws:lambda:${region}:999999999999:layer:agent:12`, CodeSize: 100 },
        { Arn: `${layerOf(there)}:4`, CodeSize: 200 },
      ],
      VpcConfig: {
        SubnetIds: subnets.map(({ subnetId }) => subnetId),
        SecurityGroupIds: groups,
        VpcId: vpcId,
      },
      Environment: { Variables: { DATABASE_PASSWORD: 'hunter2', MODE: 'live' } },
      Tags: { Environment: 'Production' },
    }),
    one('resize', {
      Runtime: 'python3.13',
      Handler: 'app.run',
      VpcConfig: { SubnetIds: [], SecurityGroupIds: [], VpcId: '' },
    }),
    one('report', { PackageType: 'Image', Layers: null, Environment: null, Tags: {} }),
  ]
}

export const functionLayers = (there: Survey): Made => {
  if (!there.instances.length) return []
  const arn = layerOf(there)
  return [
    [
      arn,
      {
        LayerName: 'common',
        LayerArn: arn,
        LatestMatchingVersion: {
          LayerVersionArn: `${arn}:4`,
          Version: 4,
          Description: 'What all functions need',
          CreatedDate: '2026-01-02T03:04:05.678+0000',
          CompatibleRuntimes: ['nodejs22.x', 'nodejs20.x'],
          LicenseInfo: 'MIT',
        },
      },
    ],
  ]
}

export const restApis = ({ region, instances }: Survey): Made =>
  (instances.length ? ['shop', 'partners'] : []).map((name, index) => {
    const id = hex(randomFrom(region, 'api', name), 10)
    return [
      id,
      {
        id,
        name,
        createdDate: 1700000000,
        ...(index === 0 && { description: 'For the shop', version: '2', binaryMediaTypes: ['image/png'] }),
        apiKeySource: 'HEADER',
        endpointConfiguration: { types: ['REGIONAL'], ipAddressType: 'ipv4' },
        tags: index === 0 ? { Environment: 'Production' } : null,
        disableExecuteApiEndpoint: index === 1,
        rootResourceId: hex(randomFrom(id), 10),
      },
    ]
  })

/** A queue, the one to which its dead letters go, and one that keeps the order. */
export const queues = ({ region, account, instances }: Survey): Made => {
  if (!instances.length) return []
  const arnOf = (name: string) => `arn:aws:sqs:${region}:${account}:${name}`
  const queue = (name: string, more: Thing, Tags: Thing | null): Made[number] => [
    name,
    {
      QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${name}`,
      Attributes: {
        QueueArn: arnOf(name),
        ApproximateNumberOfMessages: String(Math.floor(Date.now() % 1000)),
        CreatedTimestamp: '1700000000',
        VisibilityTimeout: '30',
        MessageRetentionPeriod: '345600',
        MaximumMessageSize: '262144',
        DelaySeconds: '0',
        SqsManagedSseEnabled: 'true',
        ...more,
      },
      Tags,
    },
  ]
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('orders-failed'), maxReceiveCount: 5 })
  return [
    queue('orders', { RedrivePolicy }, { Environment: 'Production' }),
    queue('orders-failed', {}, null),
    queue('ledger.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'false' }, {}),
  ]
}

/** Somebody sends mail in each region that has machines. */
export const mailIdentities = ({ instances }: Survey): Made =>
  (instances.length ? ['shop.example.com', 'news.example.com', 'help@example.org'] : []).map(
    (name, index) => [
      name,
      {
        IdentityType: name.includes('@') ? 'EMAIL_ADDRESS' : 'DOMAIN',
        IdentityName: name,
        SendingEnabled: index !== 1,
        VerificationStatus: index === 1 ? 'PENDING' : 'SUCCESS',
      },
    ],
  )

/** One group with the machines that are first and second, and one with none. */
export const autoScalingGroups = (there: Survey): Made => {
  const running = there.instances.filter(({ state }) => state === 'running').slice(0, 2)
  if (!running.length) return []
  const group = (name: string, more: Thing): Made[number] => {
    const arn = `arn:aws:autoscaling:${there.region}:${there.account}:autoScalingGroup:${hex(randomFrom(there.region, name), 12)}:autoScalingGroupName/${name}`
    return [
      arn,
      {
        AutoScalingGroupName: name,
        AutoScalingGroupARN: arn,
        MinSize: 0,
        MaxSize: 6,
        DesiredCapacity: 2,
        DefaultCooldown: 300,
        AvailabilityZones: [...new Set(running.map(({ zone }) => zone))],
        HealthCheckType: 'EC2',
        HealthCheckGracePeriod: 0,
        CreatedTime: '2024-05-06T07:08:09.010Z',
        TerminationPolicies: ['Default'],
        ...more,
      },
    ]
  }
  return [
    group('web', {
      LaunchTemplate: { LaunchTemplateId: 'lt-0a1b2c3d4e5f60718', LaunchTemplateName: 'web', Version: '7' },
      LoadBalancerNames: [],
      HealthCheckType: 'ELB',
      VPCZoneIdentifier: [...new Set(running.flatMap(({ subnetId }) => subnetId ?? []))].join(','),
      Instances: running.map(({ instanceId, zone, type }) => ({
        InstanceId: instanceId,
        InstanceType: type,
        AvailabilityZone: zone,
        LifecycleState: 'InService',
        HealthStatus: 'Healthy',
        ProtectedFromScaleIn: false,
      })),
      Tags: [
        {
          ResourceId: 'web',
          ResourceType: 'auto-scaling-group',
          Key: 'Environment',
          Value: 'Production',
          PropagateAtLaunch: true,
        },
      ],
    }),
    group('batch', { LaunchConfigurationName: 'batch-2019', DesiredCapacity: 0, Instances: [], Tags: null }),
  ]
}
