import { hx } from '#views/hx.ts'

/** Another run of the ticked lines alone (X5). */
export const SyncTicked = () => (
  <div class="toolbar">
    <button
      type="button"
      {...hx({
        post: '/runs',
        target: '#run',
        swap: 'innerHTML',
        include: '[data-lines] [name=mapping]:checked',
        vals: { ticked: 'yes' },
        disable: 'this',
      })}
    >
      Sync ticked
    </button>
  </div>
)
