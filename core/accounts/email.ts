/** The spelling under which an address is stored and looked for. */
export const normalEmail = (email: string) => email.trim().normalize('NFC').toLowerCase()
