// The built page in a real browser: it trains, its controls work, a drawn digit lands. `--pictures FOLDER` writes pictures of it; `--webgpu` trains on WebGPU instead.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromiumAdvice, chromiumArguments, findChromium } from '@lossworks/example-kit/chromium'
import { chromium } from 'playwright-core'

const executablePath = findChromium()
if (!executablePath) {
  console.log(`The page was not tested in a browser: there is none. To have it tested, ${chromiumAdvice}.`)
  process.exit()
}
const pictures = process.argv[2] === '--pictures' ? process.argv[3] : undefined
// Seconds on an idle machine; one that does a dozen other things takes its time.
const patience = 240_000

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const server = spawn(process.execPath, [main, '--port', String(20_000 + (process.pid % 10_000))], { stdio: ['ignore', 'pipe', 'inherit'] })
const address = await new Promise((resolve, reject) => {
  server.stdout.on('data', (text) => resolve(/http:\S+/.exec(String(text))?.[0]))
  server.on('exit', (code) => reject(new Error(`the server ended with code ${code}`)))
})
let browser

try {
  if (process.argv.includes('--webgpu')) {
    // An adapter that computes on the processor comes with Chromium.
    await using([...chromiumArguments, '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'], trainsOnAnAdapter)
    console.log('The page trains on WebGPU, and goes on without it.')
  } else {
    await using(chromiumArguments, async () => {
      await trains()
      await fallsBack()
    })
    console.log('The page trains.')
  }
} finally {
  server.kill()
}

async function using(args, work) {
  browser = await chromium.launch({ executablePath, args: [...args] })
  try {
    await work()
  } finally {
    await browser.close()
  }
}

/** A page, and what it complains about. */
async function open(query, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, colorScheme: 'dark', ...options })
  page.setDefaultTimeout(patience)
  const complaints = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(`${address}${query}`)
  return { page, complaints }
}

async function trains() {
  const { page, complaints } = await open('?device=wasm')
  const text = (selector) => page.locator(selector).textContent()
  const step = async () => Number((await text('#step')).replace(/,/g, ''))
  const stepBeyond = (number) => page.waitForFunction((least) => Number(document.querySelector('#step').textContent.replace(/,/g, '')) > least, number)
  const slide = (name, value) => page.locator(name).fill(String(value))

  await stepBeyond(3)
  assert.match(await text('#engine'), /^WebAssembly, [2-4] threads$/, 'threads share memory')

  // Sliders while it trains: the numbers are inputs of the compiled step, so nothing is compiled.
  const compiled = await page.evaluate(() => document.body.dataset.compilations)
  for (const [lambda, alpha] of [[0, 0], [1, 1], [0.5, 0.5], [0.15, 0.4]]) {
    await slide('#lambda', lambda)
    await slide('#alpha', alpha)
    await stepBeyond((await step()) + 1)
  }
  assert.equal(await page.evaluate(() => document.body.dataset.compilations), compiled, 'sliders compile nothing anew')
  assert.equal(await text('#lambda-value'), '0.15')

  await page.getByRole('button', { name: 'Pause' }).click()
  await page.waitForTimeout(1500)
  const paused = await step()
  await page.waitForTimeout(700)
  assert.equal(await step(), paused, 'a pause is a pause')
  await page.getByRole('button', { name: 'Step', exact: true }).click()
  await stepBeyond(paused)
  await page.waitForTimeout(700)
  assert.equal(await step(), paused + 1, 'one step is one')
  await page.getByRole('button', { name: 'Resume' }).click()

  await page.waitForFunction(() => Number.parseFloat(document.querySelector('#accuracy').textContent) > 90)
  const colors = await page.evaluate(() => {
    const { data } = document.querySelector('#scatter').getContext('2d').getImageData(0, 0, 2000, 2000)
    const wanted = [...document.querySelectorAll('#legend i')].map((dot) => getComputedStyle(dot).backgroundColor.match(/\d+/g).map(Number))
    // Dots let the ground through; the rings around the centers are of the full colour.
    return wanted.filter(([r, g, b]) => data.some((_, i) => i % 4 === 0 && Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 12)).length
  })
  assert.equal(colors, 10, 'the plot has a colour a digit')

  await draw(page, [[0.5, 0.2], [0.5, 0.8]])
  await page.waitForFunction(() => document.querySelector('#predicted').textContent === '1')
  assert.match(await text('#certainty'), /% sure, at \(-?\d+\.\d, -?\d+\.\d\)/)
  await page.getByRole('button', { name: 'Clear' }).click()
  assert.equal(await text('#predicted'), '?')

  if (pictures) await takePictures(page)
  await page.getByRole('button', { name: 'Start over' }).click()
  await page.waitForFunction(() => Number(document.querySelector('#step').textContent.replace(/,/g, '')) < 60)
  assert.deepEqual(complaints, [])
  await page.close()
}

/** Where there is no graphics card the page says so and trains all the same. */
async function fallsBack() {
  const { page } = await open('?device=webgpu')
  await page.waitForFunction(() => document.querySelector('#engine').textContent.startsWith('WebAssembly'))
  assert.match(await page.locator('#note').textContent(), /finds no WebGPU/)
  await page.waitForFunction(() => Number(document.querySelector('#step').textContent) > 1)
  await page.close()
}

/** On WebGPU, slowly, until the adapter is gone; then on WebAssembly, from the last look on. */
async function trainsOnAnAdapter() {
  const { page } = await open('?device=webgpu')
  const step = (least) => page.waitForFunction((number) => Number(document.querySelector('#step').textContent) > number, least)
  await step(1)
  assert.equal(await page.locator('#engine').textContent(), 'WebGPU')
  await endGraphicsProcess()
  await page.waitForFunction(() => document.querySelector('#engine').textContent.startsWith('WebAssembly'))
  assert.match(await page.locator('#note').textContent(), /device is lost.*go on from the last checkpoint/)
  await step(12)
  await page.close()
}

/** What a driver that crashes does to a page. */
async function endGraphicsProcess() {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  process.kill(processInfo.find(({ type }) => type === 'GPU').id, 'SIGKILL')
}

/** @param line places in shares of the pad */
async function draw(page, line) {
  await page.locator('#pad').scrollIntoViewIfNeeded()
  const { x, y, width, height } = await page.locator('#pad').boundingBox()
  const place = ([across, down]) => [x + across * width, y + down * height]
  await page.mouse.move(...place(line[0]))
  await page.mouse.down()
  for (const next of line.slice(1)) await page.mouse.move(...place(next), { steps: 10 })
  await page.mouse.up()
}

async function takePictures(page) {
  await page.waitForFunction(() => Number.parseFloat(document.querySelector('#accuracy').textContent) > 96.5, undefined, { timeout: 400_000 })
  await draw(page, [[0.3, 0.25], [0.7, 0.25], [0.55, 0.5], [0.45, 0.8]])
  await page.waitForTimeout(1500)
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.mouse.move(5, 5)
  await page.waitForTimeout(1500)
  await page.evaluate(() => scrollTo(0, 0))
  await page.screenshot({ path: join(pictures, 'dark.png'), fullPage: true })
  await page.locator('#theme').click()
  await page.mouse.move(5, 5)
  await page.waitForTimeout(500)
  await page.screenshot({ path: join(pictures, 'light.png'), fullPage: true })
  await page.setViewportSize({ width: 420, height: 900 })
  await page.waitForTimeout(500)
  await page.screenshot({ path: join(pictures, 'narrow.png'), fullPage: true })
}
