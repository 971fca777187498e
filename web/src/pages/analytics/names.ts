/** Words of the API, as people say them. */
export const membershipNames: Readonly<Record<string, string>> = {
  standard: 'Standard',
  plus: 'Plus',
  professional: 'Professional',
};

export const memberStatusNames: Readonly<Record<string, string>> = {
  active: 'Active',
  suspended: 'Suspended',
  ended: 'Ended',
};
