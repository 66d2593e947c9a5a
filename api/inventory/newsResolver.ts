import {
  Arg,
  Extensions,
  Field,
  ID,
  InputType,
  ObjectType,
  registerEnumType,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql'
import { Asset } from '../../core/inventory/asset.ts'
import { maxItems, type News, NewsAction } from '../../core/inventory/news.ts'
import { watchNews, writePlace } from '../../core/inventory/watchNews.ts'
import type { Session } from '../../core/platform/session.ts'
import { AssetsFilterInput, filterIn, type OneOfKinds } from './choiceInput.ts'
import { AssetKinds } from './kinds.ts'

registerEnumType(NewsAction, {
  name: 'InventoryAction',
  description: 'What has become of an asset.',
  valuesConfig: {
    ADDED: { description: 'It came into the inventory, or was shared with you.' },
    UPDATED: { description: 'Some of its fields got other values.' },
    RETIRED: { description: 'It was taken out of the living inventory.' },
    RESTORED: { description: 'It was brought back after it had been retired.' },
    LEFT: { description: 'You may no longer see it, or it no longer fits the filter.' },
  },
})

@InputType({ description: 'Of which assets you want to hear; all that is given must hold.' })
class InventoryChangedFilter {
  @Field(() => [AssetKinds], { nullable: true, description: 'Only assets of these kinds.' })
  kinds?: string[] | null

  @Field(() => [ID], { nullable: true, description: 'Only these; at most 200.' })
  ids?: string[] | null

  @Field(() => AssetsFilterInput, {
    nullable: true,
    description: 'Only those that fit the filter of a list, as they are when you are told.',
  })
  where?: OneOfKinds | null
}

@ObjectType({ description: 'What has become of one asset. Several changes of one are told together.' })
class InventoryChange {
  @Field(() => NewsAction, { description: 'What has become of it.' })
  action!: NewsAction

  @Field(() => ID, { description: 'Id of the asset, also when it has left.' })
  id!: string

  @Field(() => Asset, { nullable: true, description: 'The asset as it is now; null when it has left.' })
  asset!: Asset | null
}

@ObjectType({ description: 'What has happened to assets since you were last told.' })
class InventoryNews {
  constructor(private readonly news: News) {}

  @Field(() => String, {
    name: 'cursor',
    description: 'Where you stand; send it as `after` to go on from here.',
  })
  cursor() {
    return writePlace(this.news.place)
  }

  @Field(() => Boolean, {
    name: 'many',
    description: 'So much has changed at once that it is not told one by one: read again what you show.',
  })
  many() {
    return this.news.many
  }

  @Extensions({ rows: maxItems })
  @Field(() => [InventoryChange], {
    name: 'changes',
    description: 'Asset by asset, up to 200. None in the first event, which only tells the cursor.',
  })
  changes() {
    return this.news.items
  }
}

interface NewsArgs {
  filter?: { kinds?: string[] | null; ids?: string[] | null; where?: OneOfKinds | null } | null
  after?: string | null
}

@Resolver()
export class NewsResolver {
  @Subscription(() => InventoryNews, {
    name: 'inventoryChanged',
    description:
      'What happens to assets that you may see, as it happens. The first event tells where you stand, so that lists that are read after it miss nothing.',
    subscribe: ({ args, context }) => {
      const { filter, after } = args as NewsArgs
      const where = filterIn(filter?.where, 'where')
      return watchNews(context as Session, { ...filter, where }, after) as never
    },
  })
  inventoryChanged(
    @Root() news: News,
    @Arg('filter', () => InventoryChangedFilter, { nullable: true, description: 'Which; all unless given.' })
    _filter: InventoryChangedFilter | null | undefined,
    @Arg('after', () => String, {
      nullable: true,
      description: 'Cursor of the last event that you have seen: what you have missed since comes first.',
    })
    _after: string | null | undefined,
  ) {
    return new InventoryNews(news)
  }
}
