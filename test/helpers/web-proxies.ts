/** nginx and Caddy as the system has them, started on a configuration and ended with the test. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { TestContext } from 'node:test'
import { killSurely } from './processes.js'

/** Why a test of a program is skipped, or false where the program is installed. */
export function skipWithout (program: string, args: string[]): string | false {
  return spawnSync(program, args).status === 0 ? false : `${program} is not installed`
}

/**
 * Starts nginx; it may not listen yet.
 * @param folder for all that it writes; its workers, which are another user's when this is root, must get into it
 * @param http   what stands inside http {}
 */
export function startNginx (t: TestContext, folder: string, http: string): void {
  chmodSync(folder, 0o755)
  const config = path.join(folder, 'nginx.conf')
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${folder}/${name};`).join(' ')
  writeFileSync(config, `daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
    events {} http { access_log off; ${folders} ${http} }`)
  endWithTest(t, spawn('nginx', ['-c', config, '-e', `${folder}/error.log`], { stdio: 'inherit' }))
}

/** Starts Caddy; it may not listen yet. @param folder for all that it writes */
export function startCaddy (t: TestContext, folder: string, caddyfile: string, environment: Record<string, string>): void {
  const config = path.join(folder, 'Caddyfile')
  writeFileSync(config, caddyfile)
  endWithTest(t, spawn('caddy', ['run', '--config', config, '--adapter', 'caddyfile'], {
    stdio: ['ignore', 'ignore', 'ignore'],
    env: { PATH: process.env.PATH, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, ...environment }
  }))
}

function endWithTest (t: TestContext, child: ChildProcess): void {
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    const patience = setTimeout(() => { killSurely(child.pid!) }, 30_000)
    await ended
    clearTimeout(patience)
  })
}
