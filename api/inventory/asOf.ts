/** Of the argument `asOf` of a list. */
export const asOfOfList = {
  nullable: true,
  description:
    'As the list was at this moment, with all that is below it; filters and order look at the values of then, access is as it is now.',
}

/** Of the argument `asOf` of what is asked for by its id. */
export const asOfOfOne = {
  nullable: true,
  description: 'As it was at this moment, with all that is below it; access is as it is now.',
}
