/** Follows addresses as a browser does, with cookies; everything on loopback counts as one host. */
export class Browser {
  private readonly cookies = new Map<string, { value: string; path: string }>()

  /** One page, without following where it leads. */
  async visit(
    url: string,
  ): Promise<{ status: number; location: string | null; headers: Headers; body: string }> {
    const { pathname } = new URL(url)
    const response = await fetch(url, { redirect: 'manual', headers: { cookie: this.cookiesFor(pathname) } })
    for (const header of response.headers.getSetCookie()) this.keep(header)
    const location = response.headers.get('location')
    return {
      status: response.status,
      location: location && new URL(location, url).href,
      headers: response.headers,
      body: await response.text(),
    }
  }

  /** Every address that one leads to, itself first. `until` ends before such an address is opened. */
  async follow(url: string, until: (url: string) => boolean): Promise<string[]> {
    const seen: string[] = [url]
    while (seen.length < 10 && !until(seen.at(-1)!)) {
      const { location } = await this.visit(seen.at(-1)!)
      if (!location) break
      seen.push(location)
    }
    return seen
  }

  cookiesFor = (path: string) =>
    [...this.cookies]
      .filter(([, cookie]) => path.startsWith(cookie.path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ')

  /** As copied by somebody who can. */
  copy(): Browser {
    const other = new Browser()
    for (const [name, cookie] of this.cookies) other.cookies.set(name, cookie)
    return other
  }

  private keep(header: string) {
    const [pair, ...attributes] = header.split('; ')
    const [name, value] = pair!.split('=', 2) as [string, string]
    const attribute = (wanted: string) =>
      attributes.map((one) => one.split('=', 2)).find(([key]) => key!.toLowerCase() === wanted)?.[1]
    const expires = attribute('expires')
    if (expires && Date.parse(expires) <= Date.now()) this.cookies.delete(name)
    else this.cookies.set(name, { value, path: attribute('path') ?? '/' })
  }
}
