/** The claims of a spec in one sentence: what its report is held against, and what a preset says of itself. Pure. */

/** A claim in words. */
export interface Said<Spec> { says (spec: Spec): string }

/**
 * Puts the claims of a spec, in the order in which it names them, into words.
 * @param claims  by name, all that the kind knows
 * @param nothing what is said where nothing is claimed
 */
export function sayClaims<Name extends string, Spec extends { claims: readonly Name[] }> (
  spec: Spec, claims: Record<Name, Said<Spec>>, nothing: string
): string {
  if (spec.claims.length === 0) return nothing
  const said = spec.claims.map(name => claims[name].says(spec)).join('; ')
  return said.charAt(0).toUpperCase() + said.slice(1)
}
