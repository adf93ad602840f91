/** What every answer carries, so that a browser does nothing with it that was not meant. */

/** Headers of every answer; the pages under /docs bring a policy of their own. */
export function commonHeaders (requestId: string): Record<string, string> {
  return {
    'x-request-id': requestId,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    'cache-control': 'no-store'
  }
}
