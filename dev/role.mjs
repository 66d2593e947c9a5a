/** The image's entry: `api` or `workers`, the two processes that Maestro consists of beside MongoDB and Redis. */
const roles = ['api', 'workers']
const role = process.argv[2] ?? 'api'

if (!roles.includes(role)) {
  console.error(`"${role}" is not something this image can be. Give one of: ${roles.join(', ')}.`)
  process.exit(1)
}
await import(`../dist/${role}/main.js`)
