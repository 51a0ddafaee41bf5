export interface FieldProblem {
  code: string
  message: string
  resource: string
  field: string
}

/** An answer other than success; the body is what a live server sends. */
export class Refusal extends Error {
  readonly status: number
  readonly body: object

  constructor(status: number, body: object) {
    super(JSON.stringify(body))
    this.status = status
    this.body = body
  }
}

const coded = (status: number, code: string, message: string) => new Refusal(status, { code, message, errors: null })

export const unauthorized = () => coded(401, 'Unauthorized', 'Incorrect credentials.')
export const noClientId = () => coded(401, 'Unauthorized', 'The clientId header is missing or not known.')
export const forbidden = () => coded(403, 'Security', 'You do not have permission to do this.')
export const notFound = (resource: string, id: unknown) => coded(404, 'NotFound', `${resource} ${id} not found`)
export const noEndpoint = () => coded(404, 'ConnectWiseApi', 'The endpoint does not exist.')
export const wrongVerb = () => coded(405, 'ConnectWiseApi', 'The verb is not allowed on this endpoint.')
export const inUse = (resource: string) => coded(409, 'InUse', `The ${resource} is in use and cannot be deleted.`)
export const wrongMedia = () => coded(415, 'ConnectWiseApi', 'Documents are sent as multipart/form-data.')
export const badRequest = (message: string) => coded(400, 'ConnectWiseApi', message)
export const badCondition = (message: string) => new Refusal(400, { code: 'ApiFindCondition', message })
export const unknownName = (name: string) => badCondition(`${name} is not a recognized name.`)

export const unknownMember = (name: string, type: string) =>
  badRequest(`Could not find member '${name}' on object of type '${type}'. Check your accept header and the version.`)

/** 400 with one problem per field. */
export const invalidObject = (resource: string, errors: readonly FieldProblem[]) =>
  new Refusal(400, { code: 'InvalidObject', message: `${resource} object is invalid`, errors })

/** The 429 body has another key than every other error. */
export const throttledBody = (seconds: number) => ({
  error: 'ConnectWiseAPI',
  message: `Too many requests. Please try again in ${seconds} seconds.`,
})
