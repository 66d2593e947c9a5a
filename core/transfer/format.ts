import { registerEnumType } from 'type-graphql'

export enum FileFormat {
  CSV = 'CSV',
  XLSX = 'XLSX',
  JSONL = 'JSONL',
}
registerEnumType(FileFormat, {
  name: 'FileFormat',
  description: 'How a file of assets is written.',
  valuesConfig: {
    CSV: { description: 'Text with commas, in UTF-8; the first line names the columns.' },
    XLSX: { description: 'A workbook of a spreadsheet; its first sheet counts.' },
    JSONL: { description: 'One JSON object in each line.' },
  },
})

export const mediaTypes: Record<FileFormat, string> = {
  CSV: 'text/csv; charset=utf-8',
  XLSX: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  JSONL: 'application/x-ndjson; charset=utf-8',
}
