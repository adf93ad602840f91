/** Notices a trial's thread that reaches no boundary any more: a hang, or steps that are far too large. */
import type { ControlPanel } from './control.js'

const LONGEST_TICK_MS = 5000

/**
 * Watches until it is ended by the function it returns, or has called onHung.
 * It counts its own ticks and not a clock: a process that was frozen, or a machine that was asleep, had none. A thread
 * that waits for the database to write what it sent is not silent.
 */
export function watch (panel: Pick<ControlPanel, 'reached' | 'isWaiting'>, hungMs: number, onHung: () => void): () => void {
  const tickMs = Math.min(LONGEST_TICK_MS, hungMs / 10)
  let seen = panel.reached()
  let silentMs = 0
  const timer = setInterval(() => {
    const now = panel.reached()
    silentMs = now === seen && !panel.isWaiting() ? silentMs + tickMs : 0
    seen = now
    if (silentMs < hungMs) return
    clearInterval(timer)
    onHung()
  }, tickMs)
  return () => { clearInterval(timer) }
}
