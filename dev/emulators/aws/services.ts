import { ec2Stock } from './ec2/stock.ts'
import { queryService } from './protocols/query.ts'
import type { Service } from './service.ts'
import { apiGateway } from './services/apiGateway.ts'
import { autoScaling } from './services/autoScaling.ts'
import { classicLoadBalancing } from './services/classicLoadBalancing.ts'
import { cloudFront } from './services/cloudFront.ts'
import { dynamoDb } from './services/dynamoDb.ts'
import { elasticLoadBalancingV2 } from './services/elasticLoadBalancing.ts'
import { elastiCache } from './services/elastiCache.ts'
import { lambda } from './services/lambda.ts'
import { openSearch } from './services/openSearch.ts'
import { rds } from './services/rds.ts'
import { s3 } from './services/s3.ts'
import { ses } from './services/ses.ts'
import { sqs } from './services/sqs.ts'
import { appStock } from './services/stock.ts'
import type { Stock } from './shelves.ts'
import type { World } from './world.ts'

/** Every service besides EC2 and STS, by the name in the scope of a signature. */
export const services: Record<string, Service> = {
  elasticloadbalancing: queryService({
    '2012-06-01': classicLoadBalancing,
    '2015-12-01': elasticLoadBalancingV2,
  }),
  autoscaling: autoScaling,
  rds,
  elasticache: elastiCache,
  sqs,
  dynamodb: dynamoDb,
  lambda,
  apigateway: apiGateway,
  ses,
  es: openSearch,
  s3,
  cloudfront: cloudFront,
}

/** What an estate with surroundings has around its instances, by type. */
export const stock = (world: World): Record<string, Stock> => ({
  ...ec2Stock(world),
  ...appStock(world),
})
