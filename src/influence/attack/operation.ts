/** The attack as an operation of every stored classifier. Next hop: run.ts, in a lane's thread. */
import type { Violation } from '../../errors.js'
import { defineOperation } from '../operation.js'
import { AttackRequest, AttackResponse } from './schema.js'

/** Gradients of one example that a question may ask for: 10,000 digits by 40 steps; a CNN makes about a thousand a second on two cores. */
const MAX_GRADIENTS = 500_000

export const attack = defineOperation({
  title: 'Ask how little it takes to make the model read examples wrongly',
  description: 'Projected gradient descent (PGD) within a ball and the box of valid values; steps 1 with stepSize = radius is FGSM from a random start. The answer says how many examples withstand, and checks whether the attack is weak. With Accept: image/png a contact sheet: above the clean pictures, in the middle what was added (grey is nothing), below the attacked ones. Usually 202.',
  request: AttackRequest,
  response: AttackResponse,
  mediaTypes: ['application/json', 'image/png'],
  codes: ['invalid_input', 'no_dataset', 'non_finite_output', 'not_acceptable'],
  isLong: true,
  check,
  load: async () => ({ run: (await import('./run.js')).answerAttack })
})

function check ({ examples: { indices, count }, box, steps, restarts }: AttackRequest): Violation[] {
  const violations: Violation[] = []
  if (indices !== undefined && count !== undefined) violations.push({ path: 'examples.count', rule: 'must not stand beside indices', got: count })
  if (box !== undefined && box.low >= box.high) violations.push({ path: 'box.high', rule: `must be > box.low, which is ${box.low}`, got: box.high })
  const gradients = (indices?.length ?? count ?? 100) * steps * restarts
  if (gradients > MAX_GRADIENTS) {
    violations.push({ path: 'steps', rule: `must be so few that examples · steps · restarts is at most ${MAX_GRADIENTS}`, got: gradients })
  }
  return violations
}
