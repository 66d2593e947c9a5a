/** A refusal; each service says it in its own words. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

const titles: Record<number, [string, string]> = {
  400: ['badRequest', 'Bad Request'],
  401: ['unauthorized', 'Unauthorized'],
  403: ['forbidden', 'Forbidden'],
  404: ['itemNotFound', 'Not Found'],
  406: ['notAcceptable', 'Not Acceptable'],
  413: ['overLimit', 'Request Entity Too Large'],
  429: ['overLimit', 'Too Many Requests'],
  503: ['serviceUnavailable', 'Service Unavailable'],
}

/** The body of a refusal and its type of content, as the service would send it. */
export function renderRefusal(service: string, { status, message }: Refusal): [string, string] {
  const [code, title] = titles[status] ?? ['computeFault', 'Internal Server Error']
  const json = (value: object): [string, string] => [JSON.stringify(value), 'application/json']
  if (service === 'identity' || status === 401) return json({ error: { code: status, message, title } })
  if (service === 'network') return json({ NeutronError: { type: title, message, detail: '' } })
  if (service === 'load-balancer') return json({ faultcode: 'Client', faultstring: message, debuginfo: null })
  if (service === 'image')
    return [
      `<html>\n <head>\n  <title>${status} ${title}</title>\n </head>\n <body>\n  <h1>${status} ${title}</h1>\n  ${message}<br /><br />\n </body>\n</html>`,
      'text/html; charset=UTF-8',
    ]
  return json({ [code]: { code: status, message } })
}

/** What a proxy shows when the service behind it is away. */
export const proxyPage =
  '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>'
