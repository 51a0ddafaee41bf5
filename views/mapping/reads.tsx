/** One thing that may be read of an account, as a tick. */
export interface ReadLine {
  /** The read without services, as JSON: what the tick stands for. */
  of: string
  text: string
  on: boolean
  /** What the newest snapshots say of it; absent: nothing. */
  quantity?: string
  /** Its people may be narrowed to those who use one of the ticked services. */
  services: readonly { name: string; on: boolean }[]
}

/** What is read: several are added up (V12, V19, C14). */
export const ReadTicks = ({ lines, error }: { lines: readonly ReadLine[]; error: string | undefined }) => (
  <fieldset>
    <legend>What is read</legend>
    <p class="hint" id="reads-hint">
      Several ticks are added up. What the newest snapshots name is offered.
    </p>
    {lines.map((line, at) => (
      <ReadTick line={line} name={`read-${at}`} />
    ))}
    {error && (
      <p class="error">
        <span aria-hidden="true">✕</span> {error}
      </p>
    )}
  </fieldset>
)

const ReadTick = ({ line: { of, text, on, quantity, services }, name }: { line: ReadLine; name: string }) => (
  <div>
    <div class="tick">
      <input id={name} name={name} type="checkbox" checked={on} aria-describedby={`${name}-hint`} />
      <label for={name}>{text}</label>
      <p class="hint" id={`${name}-hint`}>
        {quantity === undefined ? 'not in the newest snapshots' : `${quantity} now`}
      </p>
    </div>
    <input type="hidden" name={`${name}-of`} value={of} />
    {quantity !== undefined && <input type="hidden" name={`${name}-quantity`} value={quantity} />}
    {services.length > 0 && <Services name={name} text={text} services={services} />}
  </div>
)

const Services = ({ name, text, services }: { name: string; text: string; services: ReadLine['services'] }) => (
  <details class="more" open={services.some(({ on }) => on)}>
    <summary>Only who uses …</summary>
    <fieldset>
      <legend class="visually-hidden">Only {text} who use one of these</legend>
      <input type="hidden" name={`${name}-services`} value={JSON.stringify(services.map((service) => service.name))} />
      {services.map((service, nth) => (
        <div class="tick">
          <input id={`${name}-service-${nth}`} name={`${name}-service-${nth}`} type="checkbox" checked={service.on} />
          <label for={`${name}-service-${nth}`}>{service.name}</label>
        </div>
      ))}
    </fieldset>
  </details>
)
