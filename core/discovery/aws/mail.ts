import {
  type IdentityInfo,
  ListEmailIdentitiesCommand,
  paginateListEmailIdentities,
  SESv2Client,
} from '@aws-sdk/client-sesv2'
import { AssetStatus } from '../../inventory/asset.ts'
import { AppFamily } from '../../inventory/families.ts'
import type { Observation } from '../crawler.ts'
import { appOf } from './apps.ts'
import { extrasFor } from './extras.ts'
import { serviceResource } from './serviceResource.ts'
import { distinct } from './tags.ts'
import { translated } from './translated.ts'

/** One for each region in which the account has anything to send mail as. */
export const mail = serviceResource<SESv2Client>(
  { name: 'mail', label: 'mail services', kind: 'APP', everyMinutes: 24 * 60 },
  {
    Service: SESv2Client,
    tries: {
      'ses:ListEmailIdentities': (client, { options }) =>
        client.send(new ListEmailIdentitiesCommand({ PageSize: 1 }), options),
    },
    async *list(client, { region, options }) {
      const identities: IdentityInfo[] = []
      for await (const page of paginateListEmailIdentities({ client, pageSize: 1000 }, {}, options))
        identities.push(...(page.EmailIdentities ?? []))
      yield translated(
        identities.length ? [identities] : [],
        () => region,
        (all) => translateMail(all, region),
      )
    },
  },
)

export function translateMail(identities: IdentityInfo[], region: string): Observation {
  const named = identities.map((identity) => {
    if (!identity.IdentityName) throw new Error('One of its identities has no IdentityName.')
    return { ...identity, name: identity.IdentityName }
  })
  const ofType = (address: boolean) =>
    named.filter(({ IdentityType }) => (IdentityType === 'EMAIL_ADDRESS') === address).map(({ name }) => name)
  const useless = named.filter(({ SendingEnabled }) => SendingEnabled === false)
  const unverified = named.filter(({ VerificationStatus }) => (VerificationStatus ?? 'SUCCESS') !== 'SUCCESS')
  return {
    externalId: region,
    values: {
      ...appOf({
        name: `SES ${region}`,
        region,
        providerId: undefined,
        family: AppFamily.SMTP,
        product: 'Amazon SES',
      }),
      status: unverified.length === named.length ? AssetStatus.DEGRADED : AssetStatus.ACTIVE,
      endpoint: `email-smtp.${region}.amazonaws.com`,
      domains: distinct(ofType(false)),
      extras: [
        ...extrasFor('address', ofType(true)),
        ...extrasFor(
          'not verified',
          unverified.map(({ name }) => name),
        ),
        ...extrasFor(
          'may not send',
          useless.map(({ name }) => name),
        ),
      ],
    },
  }
}
