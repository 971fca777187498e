/** What a client sends in one request of a resumable upload: an instance on Azure holds each in memory (docs/scaling.md). */
export const pieceBytes = 8 * 1024 * 1024;
