import { aws } from '../../inventory/catalogue/providers/aws.ts'

/** Commercial regions of AWS, among which a connection chooses. */
export const awsRegions = aws.regions.map(({ code, name }) => ({ name: code, label: name }))
