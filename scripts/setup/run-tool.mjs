/** Runs a tool and keeps what it says for the case that it fails. Plain Node. */
import { spawn } from 'node:child_process'

/**
 * Runs Node on a tool's own file, so that no shell and no .cmd file stands between.
 * @param {string[]} args   the file and its arguments
 * @param {{cwd: string, env?: Record<string, string>}} options
 * @returns {Promise<void>} rejects with all that the tool said
 */
export function runTool (args, { cwd, env = {} }) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    child.stdout.on('data', chunk => { said += chunk })
    child.stderr.on('data', chunk => { said += chunk })
    child.once('error', reject)
    child.once('close', code => code === 0 ? resolve() : reject(new Error(said.trim() || `${args[0]} ended with ${code}`)))
  })
}
