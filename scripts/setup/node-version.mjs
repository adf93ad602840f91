/** Refuses a Node that is too old, before anything newer than it is loaded. */

/** The least version, as package.json's engines has it. */
const least = [20, 19]

/** Ends the process with one sentence when this Node is too old. */
export function checkNode () {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > least[0] || (major === least[0] && minor >= least[1])) return
  process.stderr.write(`Descent Lab needs Node ${least.join('.')} or newer, this is ${process.versions.node}: install a newer one\n`)
  process.exit(1)
}
