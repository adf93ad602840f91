import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import test, { type TestContext } from 'node:test'
import { keepRunning, type KeptProcess } from '../../src/start/kept-process.js'
import { temporaryFolder } from '../helpers/folder.js'

/** A child that reports its process id to the test by TCP each time it starts. */
const reportingChild = `
  import net from 'node:net'
  net.connect(Number(process.env.TEST_PORT), '127.0.0.1').write(String(process.pid))
  process.on('disconnect', () => process.exit())
  process.send({ type: 'ready', url: 'http://child/' })
`
const endsWhenAsked = "process.on('message', message => { if (message.type === 'stop') process.exit() })"

test('keepRunning forks the child again when it is killed, until it is stopped', async t => {
  const { child, nextPid, lines } = await keepChild(t, reportingChild + endsWhenAsked)
  assert.equal(await child.ready, 'http://child/')
  const first = await nextPid()
  process.kill(first, 'SIGKILL')
  const second = await nextPid()
  assert.notEqual(second, first)
  await child.stop(10_000, new AbortController().signal)
  assert.throws(() => process.kill(second, 0), { code: 'ESRCH' })
  assert.deepEqual(lines, ['child ended (signal SIGKILL); starting it again in 0.2 s'])
})

test('keepRunning appends what the child writes to its log file', async t => {
  const { child, nextPid, logFile } = await keepChild(t, `console.log('line of', process.pid)\n${reportingChild}${endsWhenAsked}`)
  const first = await nextPid()
  process.kill(first, 'SIGKILL')
  const second = await nextPid()
  assert.equal(readFileSync(logFile, 'utf8'), `line of ${first}\nline of ${second}\n`)
  await child.stop(10_000, new AbortController().signal)
})

test('keepRunning restart() forks at once, with the variables of now', async t => {
  const { child, nextPid, lines } = await keepChild(t, reportingChild + endsWhenAsked)
  const first = await nextPid()
  child.restart()
  assert.notEqual(await nextPid(), first)
  await child.stop(10_000, new AbortController().signal)
  assert.deepEqual(lines, [])
})

test('keepRunning gives up on a child that says why it cannot start', async t => {
  const { child, lines } = await keepChild(t, 'process.exit(1)')
  await assert.rejects(child.ready, { name: 'OperatorError', message: /^child ended before it was ready \(code 1\)/ })
  assert.deepEqual(lines, [])
})

test('keepRunning stop() kills a child that does not listen, at once when hurried', async t => {
  const { child, nextPid } = await keepChild(t, reportingChild)
  const pid = await nextPid()
  await child.ready
  const hurry = new AbortController()
  const stopped = child.stop(3_600_000, hurry.signal)
  hurry.abort()
  await stopped
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
})

async function keepChild (t: TestContext, source: string) {
  const folder = temporaryFolder()
  const module = path.join(folder, 'child.mjs')
  const logFile = path.join(folder, 'child.log')
  writeFileSync(module, source)
  const reports = net.createServer()
  reports.listen(0, '127.0.0.1')
  await once(reports, 'listening')
  const { port } = reports.address() as net.AddressInfo
  const sockets: net.Socket[] = []
  const waiting: ((pid: number) => void)[] = []
  const pids: number[] = []
  reports.on('connection', socket => {
    sockets.push(socket)
    socket.on('error', () => {}) // its child was killed
    socket.once('data', data => {
      const take = waiting.shift()
      if (take) take(Number(data))
      else pids.push(Number(data))
    })
  })
  const lines: string[] = []
  const child: KeptProcess = keepRunning({
    name: 'child', module, args: [], logFile, variables: () => ({ TEST_PORT: String(port) }), print: line => { lines.push(line) }
  })
  t.after(async () => {
    await child.stop(0, AbortSignal.abort())
    for (const socket of sockets) socket.destroy()
    reports.close()
  })
  const nextPid = () => {
    const pid = pids.shift()
    return pid === undefined ? new Promise<number>(resolve => { waiting.push(resolve) }) : Promise.resolve(pid)
  }
  return { child, nextPid, lines, logFile }
}
