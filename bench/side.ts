/** One side of a benchmark: a process that says hello with a line of JSON, then answers a line per line. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface Side<Request, Answer> {
  /** versions of what it measures */
  hello: Record<string, string>
  ask (request: Request): Promise<Answer>
  close (): void
}

/** Starts a side. @param env beside the environment of this process @throws Error in `ask` when it ends without an answer */
export async function openSide<Request, Answer> (
  command: string, args: string[], env: Record<string, string>
): Promise<Side<Request, Answer>> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`${command} ended without an answer`)
    return JSON.parse(value)
  }
  return {
    hello: await next(),
    ask: async request => {
      child.stdin.write(`${JSON.stringify(request)}\n`)
      return await next()
    },
    close: () => { child.stdin.end() }
  }
}
