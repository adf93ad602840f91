/** Orders of suspicion in which no class takes another's place. Pure. */

/**
 * Orders examples by rank within their class over the size of the class, so that the first part q of the order is the most
 * suspicious part q of every class. Gradients of some classes are larger than those of others, for all of their examples:
 * by score alone these fill the list. Rank alone, each class's most suspicious in turn, would put all of a class of ten
 * among the first hundred of ten classes. A factor on all scores of a class changes nothing but the order of examples that
 * are equally far in classes of equal size: they go by score, then by position.
 * @param scores  self-influence of every example
 * @param classes of their training labels
 * @returns       positions, the most suspicious first
 */
export function orderByClass (scores: ArrayLike<number>, classes: ArrayLike<number>): Uint32Array {
  const members = new Map<number, number[]>()
  for (let i = 0; i < scores.length; i++) {
    const own = members.get(classes[i]!) ?? []
    own.push(i)
    members.set(classes[i]!, own)
  }
  const places = new Float64Array(scores.length)
  for (const own of members.values()) {
    own.sort((i, j) => scores[j]! - scores[i]! || i - j).forEach((i, rank) => { places[i] = (rank + 0.5) / own.length })
  }
  return Uint32Array.from(places.keys()).sort((i, j) => places[i]! - places[j]! || scores[j]! - scores[i]! || i - j)
}
