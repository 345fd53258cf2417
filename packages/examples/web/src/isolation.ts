/** What a server has to say for a page to be cross-origin isolated: only then may its threads share memory. */
export const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' } as const;
