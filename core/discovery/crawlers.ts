import { ansible } from './ansible/ansible.ts'
import { aws } from './aws/aws.ts'
import type { Crawler } from './crawler.ts'
import { json } from './json/json.ts'
import { openstack } from './openstack/openstack.ts'
import { terraform } from './terraform/terraform.ts'

/** Every provider that can be connected. */
export const crawlers: Crawler[] = [aws, openstack, ansible, terraform, json]

export const findCrawler = (provider: string): Crawler | undefined =>
  crawlers.find((one) => one.provider === provider)
