export const search = $state({ open: false })
