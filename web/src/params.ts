import { defineParams } from '@sveltejs/kit/params'
import { kindAt } from '#lib/kinds/paths.ts'

export const params = defineParams({
  kind: (param) => (kindAt(`/${param}`) ? param : undefined),
})
