import type { AnyEntity, Constructor } from '@mikro-orm/mongodb'
import { AuthSession } from './accounts/authSession.ts'
import { Upload } from './accounts/upload.ts'
import { User } from './accounts/user.ts'

/** Everything that is stored; each process opens the database with all of them. */
export const entities: Constructor<AnyEntity>[] = [User, AuthSession, Upload]
