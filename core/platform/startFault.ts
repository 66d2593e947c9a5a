/** Why the process could not start, and what to do about it. */
export function startFault(error: unknown): string {
  const { name, message, code, address, port } = error as NodeJS.ErrnoException & {
    address?: string
    port?: number
  }
  const place = port === undefined ? address : `${address}:${port}`
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${address} is in use by another program, which was left alone. Stop that one, or set PORT to a free port.`
    case 'EACCES':
      if (port !== undefined) return `This user may not listen on ${place}. Set PORT to a port above 1023.`
      break
    case 'EADDRNOTAVAIL':
      return `${address} is not an address of this machine. Set HOST to one that is, for example 127.0.0.1.`
  }
  const text = `${name} ${message}`
  if (/Mongo(ServerSelection|Network)|Failed to connect to MongoDB/i.test(text))
    return `The database cannot be reached: ${message}. Check MONGODB_URI, and that the database runs.`
  if (/MongoParse|MongoInvalid|MongoAPI|start with "mongodb:\/\//.test(text))
    return `MONGODB_URI cannot be used: ${message}`
  if (message.startsWith('Redis cannot be reached'))
    return `${message}. Check REDIS_URL, and that Redis runs.`
  return message
}
