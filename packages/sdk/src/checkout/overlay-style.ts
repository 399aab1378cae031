/** A centred panel on wide screens, the whole screen on a phone, dark where the system is. */
export const overlayStyle = `
:host {
  all: initial;
  position: fixed;
  inset: 0;
  z-index: 2147483647;
  display: flex;
  align-items: center;
  justify-content: center;
  color-scheme: light dark;
  font-family: system-ui, sans-serif;
}
.backdrop { position: absolute; inset: 0; background: rgb(0 0 0 / 55%); }
.panel {
  position: relative;
  box-sizing: border-box;
  width: min(480px, 100vw);
  height: min(var(--content-height, 640px), 92vh);
  overflow: hidden;
  border-radius: 14px;
  background: #fff;
  color: #1b1b1f;
  box-shadow: 0 24px 80px rgb(0 0 0 / 40%);
}
iframe { display: block; width: 100%; height: 100%; border: 0; opacity: 0; }
.panel[data-ready] iframe { opacity: 1; }
.waiting { position: absolute; inset: 45% 0 auto; margin: 0; text-align: center; font-size: 15px; }
.panel[data-ready] .waiting { display: none; }
.close {
  position: absolute;
  inset: 10px 10px auto auto;
  z-index: 1;
  width: 36px;
  height: 36px;
  border: 0;
  border-radius: 50%;
  background: rgb(128 128 128 / 18%);
  color: inherit;
  font: 22px/1 system-ui, sans-serif;
  cursor: pointer;
}
.close:focus-visible { outline: 2px solid #3b6cf6; outline-offset: 2px; }
@media (max-width: 520px) {
  .panel { width: 100vw; height: 100dvh; border-radius: 0; }
}
@media (prefers-color-scheme: dark) {
  .panel { background: #17171b; color: #f2f2f5; }
}
`
