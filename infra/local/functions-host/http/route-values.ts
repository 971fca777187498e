/**
 * The trigger metadata of an HTTP invocation, as the real host's binding data are: route values, whose place keys of the
 * query and properties of a JSON object take, whatever their case (HttpTriggerAttributeBindingProvider).
 */
export function bindingData(
  route: Readonly<Record<string, string>>,
  query: URLSearchParams,
  body: Readonly<Record<string, unknown>>,
): Record<string, { string: string }> {
  const data = new Map<string, [name: string, value: string]>();
  for (const [name, value] of [...Object.entries(route), ...query, ...Object.entries(body)]) {
    if (typeof value === 'string') data.set(name.toLowerCase(), [name, value]);
  }
  return Object.fromEntries([...data.values()].map(([name, value]) => [name, { string: value }]));
}

/** The properties of a JSON body that the host has read. */
export function jsonProperties(
  contentType: string | undefined,
  body: Buffer | undefined,
): Record<string, unknown> {
  if (body === undefined || !/^application\/json\b/i.test(contentType ?? '')) return {};
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}
