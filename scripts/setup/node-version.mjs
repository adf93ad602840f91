/** Refuses a Node that is too old, before anything newer than it is loaded. */

/** The least version, as package.json's engines has it. */
const min = [20, 19]

/** Ends the process with one sentence when this Node is too old. */
export function checkNode () {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > min[0] || (major === min[0] && minor >= min[1])) return
  process.stderr.write(`Descent Lab needs Node ${min.join('.')} or newer, this is ${process.versions.node}: install a newer one\n`)
  process.exit(1)
}
