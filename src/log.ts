/** Structured logs, one JSON line per event: error means that a human must look, info that something changed its state. */
import { pino } from 'pino'
import type { Config } from './config.js'

export type Log = (level: 'info' | 'warn' | 'error', event: string, detail?: Record<string, unknown>) => void

/** Opens the log of a process. @param name what the process is: node, serve */
export function createLog (name: string, level: Config['logLevel']): Log {
  const logger = pino({ name, level, base: { name, pid: process.pid } })
  return (severity, event, detail = {}) => { logger[severity](detail, event) }
}
