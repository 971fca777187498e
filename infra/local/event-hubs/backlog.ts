import type { Socket } from 'node:net';

/** Waits until the socket has written what it holds, or is gone; leaves no listener behind. */
export function writableOrClosed(socket: Socket): Promise<void> {
  if (!socket.writableNeedDrain || socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
}
