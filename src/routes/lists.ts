/** Two small orders: lists in a query string, and the keys of JSON. */

/** Takes the members of a query parameter apart, repeated (?type=a&type=b) or with commas (?type=a,b); undefined when there are none. */
export function splitCommas (values: string[] | undefined): string[] | undefined {
  const members = values?.flatMap(value => value.split(',')).map(value => value.trim()).filter(value => value !== '')
  return members === undefined || members.length === 0 ? undefined : members
}

/** Gives a copy of JSON whose objects have their keys in order, so that equal values have equal texts. */
export function sortKeys (value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, member]) => [key, sortKeys(member)]))
}
