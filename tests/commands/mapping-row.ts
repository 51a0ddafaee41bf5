/** A row of a mapping file: Contoso's users, written to addition 301. */
export const row = (different: object = {}) => ({
  source: 'src',
  account: 'A-17',
  reads: { metric: 'users' },
  company: 250,
  agreement: 87,
  addition: 301,
  include: true,
  ...different,
})
