/** What a verdict can be held against, by name: each claim says in words what it predicts and looks whether that is so. */
import type { ClaimName } from '../claim-names.js'
import { gainClaims } from './gain-claims.js'
import type { Claim } from './judging.js'
import { knownClaims } from './known-claims.js'

export const claims: Record<ClaimName, Claim> = { ...gainClaims, ...knownClaims }
