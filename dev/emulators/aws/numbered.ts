/** The values of a parameter that is a list, such as `InstanceId.1` and `InstanceId.2`. */
export function numbered(params: URLSearchParams, name: string): string[] {
  const values: string[] = []
  for (let i = 1; params.has(`${name}.${i}`); i++) values.push(params.get(`${name}.${i}`)!)
  return values
}
