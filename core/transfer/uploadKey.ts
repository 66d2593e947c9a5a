import type { ObjectId } from 'mongodb'

/** Where the file of an upload lies in the file store. */
export const uploadKey = (upload: ObjectId) => `uploads/${upload.toHexString()}`
