/** Whether npm's package registry answers: asked before an installation, which would try for minutes. Plain Node. */
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { runTool } from './run-tool.mjs'

/** A slow line takes seconds; a registry that takes longer than this would take hours for all packages. */
const defaultAnswerMs = 15_000

/**
 * Asks the registry of npm's own settings, proxy and all, for a sign of life.
 * @param {string} projectRoot  whose .npmrc counts
 * @param {number} [answerMs]
 * @returns {Promise<string | undefined>} why it is none, in a sentence with what to do; undefined when it answers
 */
export async function askRegistry (projectRoot, answerMs = defaultAnswerMs) {
  const npm = npmFile()
  try {
    await runTool([npm, 'ping', '--fetch-retries=0', `--fetch-timeout=${answerMs}`, '--loglevel=error'], { cwd: projectRoot })
    return undefined
  } catch (error) {
    const [, code] = /^npm (?:error|ERR!) code (\S+)/m.exec(error.message) ?? []
    if (/^E\d{3}$/.test(code ?? '')) return undefined // the status of an answer: there are registries that know no ping
    const [, reason = code] = /reason: (.+)/.exec(error.message) ?? []
    const why = /network timeout/.test(error.message) ? `nothing within ${answerMs / 1000} s` : reason ?? lastLine(error.message)
    const { origin, pathname } = new URL(execFileSync(process.execPath, [npm, 'config', 'get', 'registry'], { cwd: projectRoot, encoding: 'utf8' }).trim())
    return `The dependencies cannot be installed: the package registry ${origin}${pathname} does not answer (${why}); check the network and npm's settings (registry, proxy), then start again`
  }
}

function lastLine (text) {
  return text.trim().split('\n').at(-1)
}

/** npm's own JavaScript file: known when npm runs us, else asked of npm beside this Node. */
export function npmFile () {
  if (process.env.npm_execpath?.endsWith('.js')) return process.env.npm_execpath
  const root = execFileSync('npm', ['root', '--global'], { encoding: 'utf8', shell: process.platform === 'win32' }).trim()
  return path.join(root, 'npm', 'bin', 'npm-cli.js')
}
