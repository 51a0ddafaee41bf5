/** How one tenant's ConnectWise is reached. */
export interface Connection {
  /** Web origin, `https://na.myconnectwise.net`. */
  site: string
  /** Origin of its REST API, `https://api-na.myconnectwise.net`. */
  apiOrigin: string
  /** `v2025_1/`, with its slash. */
  codebase: string
  companyId: string
  publicKey: string
  privateKey: string
  clientId: string
}
