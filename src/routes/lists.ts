/** Lists in a query string: repeated (?type=a&type=b) or with commas (?type=a,b). */

/** Takes a list apart at its commas; undefined when there is none. */
export function splitCommas (values: string[] | undefined): string[] | undefined {
  const members = values?.flatMap(value => value.split(',')).map(value => value.trim()).filter(value => value !== '')
  return members === undefined || members.length === 0 ? undefined : members
}
