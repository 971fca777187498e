export function showProgress(
  directory?: string,
  out?: { readonly isTTY?: boolean; write(text: string): unknown },
): () => void;
