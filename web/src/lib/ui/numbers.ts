const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })

/** With a narrow no-break space between thousands. */
export function count(value: number): string {
  return whole.format(value).replaceAll(',', '\u202f')
}

export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}
