import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

/** The width of an element in CSS pixels, followed as it changes, so that charts are drawn and not stretched. */
export function useWidth<T extends Element>(initial: number): [RefObject<T>, number] {
  const element = useRef<T>(null)
  const [width, change] = useState(initial)
  useEffect(() => {
    if (!element.current) return
    const observer = new ResizeObserver(([entry]) =>
      change(Math.max(240, Math.round(entry!.contentRect.width))),
    )
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [])
  return [element, width]
}
