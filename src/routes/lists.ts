/** Lists in a query string. */

/** Takes the members of a query parameter apart, repeated (?type=a&type=b) or with commas (?type=a,b); undefined when there are none. */
export function splitCommas (values: string[] | undefined): string[] | undefined {
  const members = values?.flatMap(value => value.split(',')).map(value => value.trim()).filter(value => value !== '')
  return members === undefined || members.length === 0 ? undefined : members
}
