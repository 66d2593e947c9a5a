import { escapeXml } from './render.ts'

/** A refusal in the words of AWS. */
export class Fault extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export function renderFault(service: string, fault: Fault, requestId: string): string {
  const code = `<Code>${fault.code}</Code><Message>${escapeXml(fault.message)}</Message>`
  if (service === 'sts') {
    const type = fault.status < 500 ? 'Sender' : 'Receiver'
    return (
      '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">' +
      `<Error><Type>${type}</Type>${code}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`
    )
  }
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<Response><Errors><Error>${code}</Error></Errors><RequestID>${requestId}</RequestID></Response>`
  )
}
