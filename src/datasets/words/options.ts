/** What an upload can say of how its text becomes tokens. */
import { Type, type Static } from '../../schema/type.js'
import { closed } from '../../choices.js'

/** Texts beyond this are cut unless the upload asks for more: a network of tokens costs by the length of the longest. */
export const LONGEST_FOUND = 512

export const TextOptions = Type.Object({
  vocabulary: Type.Integer({ minimum: 3, maximum: 200_000, default: 10_000, description: 'different tokens at most: the most frequent words of the training rows, and 2 for padding and unknown words' }),
  minimumCount: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 2, description: 'how often a word must come to have a token of its own' }),
  lowerCase: Type.Boolean({ default: true, description: 'whether words are made lower case' }),
  length: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: `tokens of an example; longer texts are cut, shorter ones padded. When left out, as many as 99 % of the texts need, ${LONGEST_FOUND} at most` }))
}, { ...closed, description: 'how text becomes tokens' })
export type TextOptions = Static<typeof TextOptions>
