const nameOf = (id: string): string =>
  /^[0-9a-f-]{36}$/.test(id) ? id.slice(-6) : id.replace(/^service:(.*)$/, 'the $1 service');

/** Who did something. The API names people by id; one's own is "you". */
export const Actor = ({ id, me }: { id: string; me: string }) =>
  id === me ? <span>you</span> : <span title={id}>{nameOf(id)}</span>;
