export type FieldProblem = { pointer: string; code: string; message: string }
/** Who was faster, on a refusal of a stale version; only an office hears it. */
export type LastChange = { by: string; you: boolean; at: string }

/** A refusal of the server (RFC 9457), or no answer at all: then status is 0. */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly errors: FieldProblem[]
  readonly retryAfter: number | undefined
  readonly lastChange: LastChange | undefined

  constructor(status: number, body: unknown, retryAfter?: number) {
    const problem = isRecord(body) ? body : {}
    super(text(problem['detail']) || text(problem['title']) || `HTTP ${status}`)
    this.name = 'ApiProblem'
    this.status = status
    this.code = text(problem['code'])
    this.errors = Array.isArray(problem['errors']) ? problem['errors'].filter(isFieldProblem) : []
    this.retryAfter = retryAfter
    this.lastChange = isLastChange(problem['lastChange']) ? problem['lastChange'] : undefined
  }

  /** Messages by JSON pointer, so a form puts each at its field. */
  get fields(): Record<string, string> {
    return Object.fromEntries(this.errors.map((field) => [field.pointer, field.message]))
  }
}

export const isStale = (error: unknown): boolean => error instanceof ApiProblem && error.status === 412
export const isForbidden = (error: unknown): boolean => error instanceof ApiProblem && error.status === 403
export const isNotFound = (error: unknown): boolean => error instanceof ApiProblem && error.status === 404

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const isLastChange = (value: unknown): value is LastChange =>
  isRecord(value) && typeof value['by'] === 'string' && typeof value['you'] === 'boolean' && typeof value['at'] === 'string'
const isFieldProblem = (value: unknown): value is FieldProblem =>
  isRecord(value) && typeof value['pointer'] === 'string' && typeof value['message'] === 'string'
