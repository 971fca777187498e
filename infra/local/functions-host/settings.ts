/** A value of a binding with `%NAME%` replaced by that app setting, as the real host does. */
export const withSettings = (text: string, environment: NodeJS.ProcessEnv): string =>
  text.replace(/%([^%]+)%/g, (_match, name: string) => {
    const value = environment[name];
    if (value === undefined) throw new Error(`'%${name}%' does not resolve to a value: set ${name}.`);
    return value;
  });
